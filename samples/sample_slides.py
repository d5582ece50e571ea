"""The sample's slides: a title, a growth chart with its numbers, three rules."""

from __future__ import annotations

from PIL import Image, ImageDraw
from sample_presenter import HEIGHT, WIDTH

from ai_video_editor.broll.charts import figure, growth, round_ticks
from ai_video_editor.look.typography import font

PAPER, INK, QUIET, TEAL, CORAL, SAND = (
    "#fbf4e8", "#17383b", "#5f7274", "#1f6f73", "#d8653f", "#e8d3b0",
)  # fmt: skip

CONTRIBUTION, RATE, YEARS = 500, 6, 30
"""What the script says: dollars a month, percent a year, years."""


def _slide() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 22, HEIGHT), fill=TEAL)
    draw.rectangle((22, 0, 28, HEIGHT), fill=CORAL)
    return image, draw


def title_slide() -> Image.Image:
    """What the talk is about."""
    image, draw = _slide()
    draw.text((112, 204), "MONEY IN PLAIN WORDS", font=font("body", 30), fill=CORAL)
    draw.text((106, 246), "Compound", font=font("headline", 132), fill=INK)
    draw.text((106, 382), "interest", font=font("headline", 132), fill=TEAL)
    draw.text((112, 562), "Interest on top of interest", font=font("body", 40), fill=QUIET)
    for step, height in enumerate((60, 88, 130, 192, 284, 420)):
        left = 876 + step * 58
        draw.rounded_rectangle(
            (left, 600 - height, left + 42, 600), 8, fill=CORAL if step == 5 else TEAL
        )
    return image


def chart_slide() -> Image.Image:
    """What five hundred dollars a month become at six percent in thirty years."""
    image, draw = _slide()
    points = growth(CONTRIBUTION, 0, RATE, YEARS)
    last = points[-1]
    draw.text((92, 48), "$500 every month, 6% a year", font=font("headline", 56), fill=INK)
    draw.text((94, 122), "Value over 30 years", font=font("body", 34), fill=QUIET)
    left, right, top, bottom = 196, 900, 206, 612
    ticks = round_ticks(float(last.total), most=3)
    scale = (bottom - top) / ticks[-1]
    for tick in ticks:
        y = bottom - tick * scale
        draw.line((left, y, right, y), fill=SAND, width=2)
        text = figure(tick, "usd", short=True) if tick else "$0"
        draw.text((left - 16, y), text, font=font("body", 28), fill=QUIET, anchor="rm")
    step = (right - left) / (len(points) - 1)
    for index, point in enumerate(points[1:], start=1):
        x = left + (index - 0.5) * step
        paid, whole = float(point.contributed) * scale, float(point.total) * scale
        half = step * 0.36
        draw.rectangle((x - half, bottom - paid, x + half, bottom), fill=TEAL)
        draw.rectangle((x - half, bottom - whole, x + half, bottom - paid), fill=CORAL)
    for year in (10, 20, 30):
        x = left + (year - 0.5) * step
        draw.text((x, bottom + 14), str(year), font=font("body", 28), fill=QUIET, anchor="ma")
    draw.text((left, bottom + 14), "Year", font=font("body", 28), fill=QUIET)
    for y, amount, text, color in (
        (230, last.interest, "interest", CORAL), (400, last.contributed, "paid in", TEAL),
    ):  # fmt: skip
        draw.text((940, y), figure(amount, "usd"), font=font("headline", 58), fill=color)
        draw.text((944, y + 72), text, font=font("body", 34), fill=QUIET)
    draw.line((940, 540, 1200, 540), fill=SAND, width=3)
    draw.text((940, 556), figure(last.total, "usd"), font=font("headline", 58), fill=INK)
    return image


def rules_slide() -> Image.Image:
    """Three ways to save money."""
    image, draw = _slide()
    draw.text((106, 70), "Three ways to save money", font=font("headline", 68), fill=INK)
    rules = ("Spend less than you earn", "Automate your savings", "Invest your money")
    for index, rule in enumerate(rules):
        y = 214 + index * 150
        draw.rounded_rectangle((106, y, 1190, y + 120), 22, fill="#ffffff")
        draw.ellipse((132, y + 18, 216, y + 102), fill=CORAL if index == 2 else TEAL)
        draw.text((174, y + 60), str(index + 1), font=font("headline", 48), fill=PAPER,
                  anchor="mm")  # fmt: skip
        draw.text((252, y + 60), rule, font=font("body", 50), fill=INK, anchor="lm")
    return image
