//! Text on its way into a spreadsheet.
//!
//! What a spreadsheet would run as a formula gets an apostrophe in front (OWASP, "CSV Injection"):
//! page titles and campaign names are written by strangers.

/// First characters by which a spreadsheet knows a formula, wide forms included.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A text as the content of a cell.
pub fn cell(value: &str) -> String {
    let begins = value.trim_start().starts_with(FORMULA) || value.starts_with(['\t', '\r', '\n']);
    if begins {
        return format!("'{value}");
    }
    value.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_formula_survives_and_other_text_is_left_alone() {
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\rx", "＝1"] {
            assert_eq!(cell(formula), format!("'{formula}"));
        }
        for text in ["", "a=1", "1-1", "mail@example.com", "'=1"] {
            assert_eq!(cell(text), text);
        }
    }
}
