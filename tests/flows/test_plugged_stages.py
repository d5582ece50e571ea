"""Plugins in stages as Prefect runs them: keyed, contained, told."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest
from prefect import flow

from ai_video_editor.context.audio import AudioAnalysis
from ai_video_editor.context.inputs import UserPreferences
from ai_video_editor.section_view import SectionView
from ai_video_editor.settings import Settings
from ai_video_editor.stages import Stage, WorkflowStage
from ai_video_editor.store import ContextRef, Store
from tasks.outcome import Outcome, finished_stages, summed_up
from tasks.stage import Processor, Run, StageTask

pytestmark = [pytest.mark.usefixtures("prefect_server"), pytest.mark.xdist_group("prefect")]

LISTENING = Stage(
    WorkflowStage.AUDIO_PROCESSING, after=(), reads=(), fills=("audio_analysis",),
    processors=("only",),
)  # fmt: skip
ASKING = Stage(
    WorkflowStage.RESEARCH, after=(WorkflowStage.AUDIO_PROCESSING,), reads=("audio_analysis",),
    fills=("user_preferences",), processors=("only",),
)  # fmt: skip


class Edit:
    """Two stages, the second of which hands on the language that the first heard."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings.model_validate(
            {"paths": {"home": home}, "run": {"plugin_timeout": 2.0}}
        )
        self.plugins = home / "plugins"
        self.plugins.mkdir(parents=True)
        self.plugins.chmod(0o755)
        self.names: list[str] = []

    def _hear(self, view: SectionView, _settings: Settings) -> None:
        self.names.append("hear")
        view.fill("audio_analysis", AudioAnalysis(engine="ours", language="en", quality=0.9))

    def _ask(self, view: SectionView, _settings: Settings) -> None:
        self.names.append("ask")
        heard: AudioAnalysis = view.read("audio_analysis")
        view.fill("user_preferences", UserPreferences(language=heard.language))

    def put(self, name: str, text: str) -> None:
        path = self.plugins / name
        path.write_text(textwrap.dedent(text), encoding="utf-8")
        path.chmod(0o644)

    def run(self) -> tuple[Outcome, list[str]]:
        """How a run went, and the stages that were really worked on."""
        self.names = []
        hearing = StageTask(LISTENING, (Processor("only", self._hear),))
        asking = StageTask(ASKING, (Processor("only", self._ask),))

        @flow(name="trial")
        def trial() -> Outcome:
            run = Run(ContextRef(project_id="talk-1"), self.settings, "talk.mp4")
            first = hearing.submit(run)
            runs = [first, asking.submit(run, first)]
            return summed_up(run, list(finished_stages(runs)), frozenset())

        return trial(), self.names

    def section(self, outcome: Outcome, name: str) -> Any:
        store = Store(self.settings.paths.home)
        return store.get_section(name, outcome.ref.sections[name])


@pytest.fixture
def edit(tmp_path: Path) -> Edit:
    return Edit(tmp_path / "home")


AFTER = """
    async def german(call):
        heard = call.sections["audio_analysis"]
        return {"audio_analysis": heard.model_copy(update={"language": "de"})}

    def register(plugins):
        plugins.register_hook("after_audio_processing", german)
"""
BEFORE = """
    def german(call):
        heard = call.sections["audio_analysis"]
        return {"audio_analysis": heard.model_copy(update={"language": "de"})}

    def register(plugins):
        plugins.register_hook("before_research", german)
"""


def test_a_hooks_section_is_the_stages_result_and_an_edit_recomputes_what_it_touches(
    edit: Edit,
) -> None:
    before, names = edit.run()
    assert names == ["hear", "ask"]
    edit.put("tongue.py", AFTER)
    after, names = edit.run()
    assert names == ["hear", "ask"]
    assert edit.section(after, "audio_analysis").language == "de"
    assert edit.section(after, "user_preferences").language == "de"
    assert "audio_processing plugin tongue.german" in [m.module for m in after.modules]
    assert after.degradations == () and after.notes == ()
    assert edit.run()[1] == []
    edit.put("tongue.py", AFTER + "    # edited\n")
    assert edit.run()[1] == ["hear"]  # what it gives is the same, so nothing follows
    (edit.plugins / "tongue.py").unlink()
    again, names = edit.run()
    assert names == [] and again.ref == before.ref


def test_what_a_hook_changes_before_a_stage_is_seen_by_that_stage_alone(edit: Edit) -> None:
    edit.put("tongue.py", BEFORE)
    outcome, _ = edit.run()
    assert edit.section(outcome, "audio_analysis").language == "en"
    assert edit.section(outcome, "user_preferences").language == "de"


REPLACING = """
    from ai_video_editor.plugins.base import BaseProcessor

    class Ears(BaseProcessor):
        stage = "audio_analysis"
        role = "replace"

        def process(self, call):
            BODY
            return {"audio_analysis": {"engine": "ears", "language": "fr", "quality": 1}}

    def register(plugins):
        plugins.register_plugin(Ears())
"""


def test_a_processor_works_in_a_stages_place(edit: Edit) -> None:
    edit.put("ears.py", REPLACING.replace("BODY", "pass"))
    outcome, names = edit.run()
    assert names == ["ask"]
    assert edit.section(outcome, "audio_analysis").engine == "ears"
    record = next(r for r in outcome.stages if r.stage == "audio_processing")
    assert (record.processor, record.state) == ("ears.Ears", "done")


def test_the_stage_works_itself_where_its_replacement_fails(edit: Edit) -> None:
    edit.put("ears.py", REPLACING.replace("BODY", "raise OSError('deaf')"))
    outcome, names = edit.run()
    assert names == ["hear", "ask"]
    (fault,) = outcome.degradations
    assert (fault.used, fault.instead_of, fault.reason) == (
        "only", "plugin ears.Ears", "OSError: deaf",
    )  # fmt: skip
    record = next(r for r in outcome.stages if r.stage == "audio_processing")
    assert (record.processor, record.state) == ("only", "degraded")


BAD = {
    "a_raises": ("raise ValueError('no')", "ValueError: no"),
    "b_hangs": ("import time; time.sleep(15)", "took longer than the 2 s"),
    "c_rubbish": ("return {'audio_analysis': {'engine': 7}}", "not fit: audio_analysis.engine"),
    "d_leaves": ("import sys; sys.exit(1)", "tried to end the program"),
    "e_lost_file": (
        "heard = call.sections['audio_analysis'].model_dump(mode='json'); "
        "wav = {'sha256': 'a' * 64, 'suffix': '.wav', 'size': 3}; "
        "sound = {'input': 0, 'wav': wav, 'duration': 1, 'peak': 0, 'loudness': None, "
        "'noise_floor': 0}; "
        "return {'audio_analysis': {**heard, 'extracted': [sound]}}",
        "names a file that is not in the store",
    ),
}


def test_broken_plugins_are_named_and_the_run_goes_on_and_says_so_every_time(edit: Edit) -> None:
    for name, (body, _) in BAD.items():
        edit.put(
            f"{name}.py",
            f"""
            def hook(call):
                {body}

            def register(plugins):
                plugins.register_hook("after_audio_processing", hook)
            """,
        )
    outcome, names = edit.run()
    assert names == ["hear", "ask"] and outcome.failure is None
    told = {fault.instead_of: fault.reason for fault in outcome.degradations}
    assert list(told) == [f"plugin {name}.hook" for name in BAD]
    for name, (_, reason) in BAD.items():
        assert reason in told[f"plugin {name}.hook"]
    assert edit.section(outcome, "audio_analysis").engine == "ours"
    second, names = edit.run()
    assert names == [] and second.degradations == outcome.degradations


def test_a_plugin_that_cannot_be_loaded_is_in_the_notes(edit: Edit) -> None:
    edit.put("torn.py", "def register(")
    outcome, names = edit.run()
    assert names == ["hear", "ask"] and outcome.degradations == ()
    (note,) = outcome.notes
    assert note.startswith("The plugin torn was left out: SyntaxError")
