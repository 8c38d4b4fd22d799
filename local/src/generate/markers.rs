//! The markers around generated parts of a file: `<!-- generated: NAME -->` or `# generated: NAME`, up to the next line with
//! `end generated`.

/// The text with `content` between the markers of `part`; `None` where they are missing.
pub(super) fn replace(text: &str, part: &str, content: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len() + content.len());
    let mut lines = text.split_inclusive('\n');
    for line in lines.by_ref() {
        out.push_str(line);
        if name_of(line) == Some(part) {
            out.push_str(content);
            let end = lines.by_ref().find(|line| line.contains("end generated"))?;
            out.push_str(end);
            out.extend(lines);
            return Some(out);
        }
    }
    None
}

/// The part that a marker's line begins.
fn name_of(line: &str) -> Option<&str> {
    let (_, name) = line.split_once("generated: ")?;
    Some(name.trim_end().trim_end_matches("-->").trim_end())
}

#[cfg(test)]
mod tests {
    use super::replace;

    #[test]
    fn replaces_what_stands_between_the_markers_of_a_part() {
        let text =
            "a\n<!-- generated: one -->\nold\n<!-- end generated -->\n  # generated: one two\n  # end generated\nb\n";
        let replaced = replace(text, "one", "new\n").unwrap();
        assert_eq!(
            replaced,
            "a\n<!-- generated: one -->\nnew\n<!-- end generated -->\n  # generated: one two\n  # end generated\nb\n"
        );
        assert!(
            replace(&replaced, "one two", "x\n").unwrap().contains("# generated: one two\nx\n  # end generated\nb\n")
        );
        assert_eq!(replace(text, "three", ""), None);
        assert_eq!(replace("<!-- generated: one -->\n", "one", ""), None);
    }
}
