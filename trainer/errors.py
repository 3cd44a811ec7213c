"""The two ways a run ends badly, each with a sentence for the user. Anything else is a bug and keeps its traceback."""


class RunError(Exception):
    """The run cannot go on: NaN loss, full disk, corrupt shard or checkpoint. Exit code 1."""


class ConfigError(Exception):
    """run.json or the command line is wrong. Exit code 2."""
