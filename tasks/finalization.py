"""`finalization`: the deliverables named in the store; publishing puts them where they belong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from prefect import task
from prefect.cache_policies import NO_CACHE

from ai_video_editor.context.content_context import ContentContext, assemble
from ai_video_editor.context.outputs import DeliveryPackage
from ai_video_editor.delivery.publish import publish as publish_files
from ai_video_editor.delivery.publish import put_documents
from ai_video_editor.look.brand import load_brand, worn
from ai_video_editor.reporting.documents import plan_json, plan_with_shorts
from ai_video_editor.reporting.page import render
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import stage
from ai_video_editor.store import Store
from tasks.files import input_files
from tasks.recognisers import recogniser_of
from tasks.stage import Processor, StageTask


def _package(view: SectionView, settings: Settings) -> None:
    # a run that reuses its files need not load what exports and verifies
    from ai_video_editor.delivery.bundle import bundle

    context = assemble(
        view.ref.project_id,
        {name: view.read(name) for name in view.stage.reads if name in view.ref.sections},
    )
    hear_again, not_heard = recogniser_of(context.audio_analysis, settings)
    with view.store.scratch_folder() as scratch:
        package = bundle(
            context,
            {file.sha256: path for file, path in input_files(view)},
            path_of=view.path,
            keep=view.keep,
            scratch=scratch,
            audio_track=settings.audio.audio_track,
            hear_again=hear_again,
            not_heard=not_heard,
            chosen_thumbnail=settings.director.chosen_thumbnail,
            report=view.report,
        )
    view.fill("delivery", package)


finalization = StageTask(stage("finalization"), (Processor("package", _package),))


@task(name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish(context: ContentContext, folder: str, settings: dict[str, Any]) -> bool:
    """Put the project's files into its folder; check each against its hash.

    Args:
        context: the whole context, given as `quote(context)`: Prefect walks through every value
            of a task's parameters otherwise, which takes 0.4 s.
        folder: the project's folder.
        settings: the settings as JSON values.

    Returns:
        Whether files of an earlier run were replaced by others.
    """
    tree = Settings.model_validate(settings)
    store = Store.of(tree)
    delivery: DeliveryPackage | None = context.delivery
    brand = load_brand(tree.look.brand) if tree.look.brand is not None else None
    with worn(brand):
        page = render(
            context, path_of=store.media_path, compiled=store.root / "cache" / "templates"
        )
    documents = {"report.html": page, "context.json": context.to_json()}
    target = Path(folder)
    if delivery is not None:
        return publish_files(store, target, delivery.files, documents)
    if context.ai_director_plan is not None:
        documents["plan.json"] = plan_json(plan_with_shorts(context))
    put_documents(target, documents, editable=("plan.json",))  # what is there stays
    return False
