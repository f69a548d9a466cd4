//! Names that a reader takes for another one: `Operator`, `ореrаtоr` with Cyrillic letters, `0perator`.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Letters that pass for a letter of the names we guard, in lower case. What only Unicode's compatibility forms or an accent
/// tell apart (`ｏ`, `ö`) is one before this is asked.
const PASSES_FOR: [(char, &str); 9] = [
    ('a', "4аαɑᴀ"),
    ('d', "ԁɗđᴅժ"),
    ('e', "3еєҽεɛᴇ"),
    ('h', "һհʜнηħ"),
    ('l', "1iıіӏłʟιǀ"),
    ('o', "0оοօסᴏøσ"),
    ('p', "рρᴘƿⲣ"),
    ('r', "гᴦⲅʀ"),
    ('t', "7тτᴛŧ"),
];

/// Whether `name` passes for `known`, which is lower-case Latin: whatever its case, alphabet, accents and separators.
pub(super) fn passes_for(name: &str, known: &str) -> bool {
    folded(name) == folded(known)
}

fn folded(name: &str) -> String {
    let plain = name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase);
    plain.nfkd().filter(|c| c.is_alphanumeric()).map(latin).collect()
}

fn latin(c: char) -> char {
    PASSES_FOR.iter().find(|(_, others)| others.contains(c)).map_or(c, |(letter, _)| *letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, known: &str, expected: bool) {
        assert_eq!(passes_for(name, known), expected, "{name}");
    }

    #[test]
    fn a_name_is_what_a_reader_takes_it_for() {
        for name in ["operator", "Operator", "OPERATOR", "o.p-e_r a t o r", "0perator", "0PERAT0R"] {
            check(name, "operator", true);
        }
        for name in
            ["ореrаtоr", "ΟΡΕRΑΤΟR", "ｏｐｅｒａｔｏｒ", "öpérâtor", "ОРЕRАТОR", "орегатог", "operatør", "𝐨𝐩𝐞𝐫𝐚𝐭𝐨𝐫"]
        {
            check(name, "operator", true);
        }
        for name in ["holder", "HOLDER", "h0lder", "ho1der", "hoIder", "һоӏԁег", "Ηolder", "Нolder"] {
            check(name, "holder", true);
        }
        for name in
            ["", "lms", "operators", "cooperator", "Prüfstelle", "shareholder", "hold", "оператор банка", "exam 1"]
        {
            check(name, "operator", false);
            check(name, "holder", false);
        }
    }
}
