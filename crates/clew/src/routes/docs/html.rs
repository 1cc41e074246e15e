//! Text of the description as HTML: nothing in it can become markup.

/// For element content and quoted attributes.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// Prose whose `code` stands between backticks and whose paragraphs an empty line parts. What
/// is left open is text.
pub fn prose(text: &str) -> String {
    let paragraphs = text.split("\n\n").filter(|text| !text.trim().is_empty());
    paragraphs
        .map(|text| format!("<p>{}</p>", inline(text)))
        .collect()
}

/// One line of prose.
pub fn inline(text: &str) -> String {
    let text = escape(text);
    let parts: Vec<&str> = text.split('`').collect();
    let last = parts.len() - 1;
    let mut html = String::with_capacity(text.len());
    for (i, part) in parts.iter().enumerate() {
        match i {
            _ if i % 2 == 0 => html.push_str(part),
            _ if i == last => html.extend(["`", *part]),
            _ => html.extend(["<code>", *part, "</code>"]),
        }
    }
    html
}

/// A table, or nothing where there are no rows. Cells are HTML already.
pub fn table<const N: usize>(heads: [&str; N], rows: &[[String; N]]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let head: String = heads.iter().map(|head| format!("<th>{head}")).collect();
    let row = |cells: &[String; N]| {
        let cells: String = cells.iter().map(|cell| format!("<td>{cell}")).collect();
        format!("<tr>{cells}")
    };
    let body: String = rows.iter().map(row).collect();
    format!("<div class=wide tabindex=0><table><thead><tr>{head}<tbody>{body}</table></div>")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_stays_text_and_code_is_marked() {
        assert_eq!(
            inline("`a<b` & \"c\""),
            "<code>a&lt;b</code> &amp; &quot;c&quot;"
        );
        assert_eq!(inline("5` wide"), "5` wide");
        assert_eq!(
            prose("One.\n\nTwo\nlines."),
            "<p>One.</p><p>Two\nlines.</p>"
        );
    }
}
