//! What can be taken away.

use maud::{Markup, html};

use super::{super::take_away::TakeAway, prose::prose};

pub(super) fn markup(texts: &[TakeAway]) -> Markup {
    html! {
        section #take-away aria-labelledby="take-away-title" {
            h2 #take-away-title { "Take away" }
            @for TakeAway { id, title, note, content } in texts {
                @let name = format!("take-{id}");
                details open[*id == "event" || *id == "task"] {
                    summary { (title) }
                    p.help { (prose(note)) }
                    pre id=(name) tabindex="0" aria-label=(title) { (content) }
                    button.copy type="button" data-copy=(name) hidden { "Copy " (title) }
                }
            }
        }
    }
}
