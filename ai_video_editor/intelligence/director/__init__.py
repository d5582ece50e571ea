"""The AI Director: a whole plan from the analysis, by rules or by Gemini."""

from ai_video_editor.intelligence.director.facade import AIDirector, FinancialVideoEditor
from ai_video_editor.intelligence.director.material import Material
from ai_video_editor.intelligence.director.rules import create_editing_plan
from ai_video_editor.intelligence.director.templates import PromptTemplates

__all__ = [
    "AIDirector",
    "FinancialVideoEditor",
    "Material",
    "PromptTemplates",
    "create_editing_plan",
]
