"""`research`: keywords and competitors, once for all outputs; by search, cache, or the content."""

from __future__ import annotations

from collections.abc import Callable

from ai_video_editor.cache import cache_of
from ai_video_editor.clients.search import DuckDuckGo
from ai_video_editor.context.content import TrendingKeywords
from ai_video_editor.intelligence.keyword_cache import DiskCache
from ai_video_editor.intelligence.research import TrendAnalyzer, topic_of
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from tasks.stage import Processor, StageTask, Unavailable

_LONGEST = 10.0
"""Seconds for one search at most: research is welcome, not needed."""

Research = Callable[[TrendAnalyzer, SectionView], TrendingKeywords]


def _web(settings: Settings) -> DuckDuckGo:
    api = settings.api
    return DuckDuckGo(timeout=min(_LONGEST, api.api_timeout), retries=min(2, api.api_retries))


def _by(research: Research) -> Callable[[SectionView, Settings], None]:
    def work(view: SectionView, settings: Settings) -> None:
        view.report(None, "researching keywords")
        search = None if settings.api.offline else _web(settings)
        with cache_of(settings) as cache:
            known = None if cache is None else DiskCache(cache, view.ref.project_id)
            view.fill("trending_keywords", research(TrendAnalyzer(search, known), view))

    return work


def _from_content(view: SectionView, _settings: Settings) -> None:
    view.fill("trending_keywords", _content(TrendAnalyzer(), view))


def _search(analyzer: TrendAnalyzer, view: SectionView) -> TrendingKeywords:
    if topic_of(view.read("key_concepts")) is None:
        return _content(analyzer, view)  # nothing is certain enough to ask the web about
    return analyzer.by_search(view.read("key_concepts"), view.read("content_themes"))


def _cached(analyzer: TrendAnalyzer, view: SectionView) -> TrendingKeywords:
    return analyzer.from_cache(view.read("key_concepts"))


def _content(analyzer: TrendAnalyzer, view: SectionView) -> TrendingKeywords:
    return analyzer.from_content(view.read("key_concepts"), view.read("content_themes"))


def _no_network(settings: Settings) -> Unavailable | None:
    if settings.api.offline:
        return Unavailable("this run is offline, so the web was not searched")
    if settings.processing_preferences.use_cached_data_only:
        return Unavailable("this run takes only what is cached, so the web was not searched")
    return None


def _no_cache(settings: Settings) -> Unavailable | None:
    if not settings.run.enable_caching:
        return Unavailable("caching is off")
    if (settings.paths.home / "cache").is_dir():
        return None
    return Unavailable("no research was ever cached")


research = StageTask(
    stage("research"),
    (
        Processor("search", _by(_search), _no_network, uses=("api",)),
        Processor("cached", _by(_cached), _no_cache),
        Processor("content", _from_content),
    ),
)
