"""The faces that know Prefect: the embedded server and the orchestrator."""
