"""Which tool a table comes from, by the columns only its exports have. Pure; a guess that a person looks at."""

# In Asana's CSV, Microsoft Project's “Task_Table”, Monday's boards, Smartsheet's project sheets, as headers are read.
_MARKS = (
    ("Asana", frozenset({"task_id", "section/column"})),
    ("Microsoft Project", frozenset({"outline_level", "resource_names"})),
    ("Microsoft Project", frozenset({"task_mode", "finish"})),
    ("Microsoft Project", frozenset({"percent_complete", "resource_names"})),
    ("Monday", frozenset({"group_above"})),
    ("Monday", frozenset({"item_id_(auto_generated)"})),
    ("Smartsheet", frozenset({"assigned_to", "%_complete"})),
    ("Smartsheet", frozenset({"task_name", "predecessors"})),
    ("Airtable", frozenset({"name", "assignee", "attachments"})),
)


def tool_of(header: tuple[str, ...]) -> str:
    """Its name, "" where nothing says so."""
    names = set(header)
    return next((tool for tool, marks in _MARKS if marks <= names), "")
