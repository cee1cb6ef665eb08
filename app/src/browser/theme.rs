//! Light, dark, or as the system has it.

use leptos::prelude::document;

use super::storage;

const KEY: &str = "meetframe.theme";

/// Which colours are wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Theme {
    /// As the system has it.
    #[default]
    System,
    Light,
    Dark,
}

impl Theme {
    /// All of them, in the order of the settings.
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    /// The name for machines.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// What was chosen before.
    pub(crate) fn recall() -> Self {
        let key = storage::read(KEY);
        Self::ALL
            .into_iter()
            .find(|theme| Some(theme.key()) == key.as_deref())
            .unwrap_or_default()
    }

    /// Remembers the choice.
    pub(crate) fn remember(self) {
        storage::write(KEY, self.key());
    }

    /// Shows the page in it.
    pub(crate) fn show(self) {
        let Some(root) = document().document_element() else {
            return;
        };
        // neither can fail: the name is a valid attribute
        let _ = match self {
            Self::System => root.remove_attribute("data-theme"),
            chosen => root.set_attribute("data-theme", chosen.key()),
        };
    }
}
