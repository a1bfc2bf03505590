"""What is wrong with the settings, in one line."""


class WrongValue(Exception):
    """A value does not fit its key. The text says what would, with unit and range, and never repeats a secret."""


class SettingsError(Exception):
    """The settings cannot be used: *file*, *key* (dotted; empty where the file itself is at fault) and what to do."""

    def __init__(self, file: str, key: str, text: str) -> None:
        super().__init__(f"{file}: {key}: {text}" if key else f"{file}: {text}")
        self.file = file
        self.key = key
        self.text = text
