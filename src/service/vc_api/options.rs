//! [`Options`]: what a request to verify asks for besides. An option that is not understood is refused (VCALM §2.4).

use serde_json::{Map, Value};

use super::problem::{ProblemDetails, ProblemType};
use crate::verification::Challenged;

/// The options of a request to verify, understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// Tell what each part came to.
    pub results: bool,
    /// Tell what is wrong.
    pub problems: bool,
    /// Give back what was verified.
    pub subject: bool,
    /// What must have been signed besides.
    pub challenged: Challenged,
}

/// The most of a challenge or domain.
const LONGEST: usize = 2_048;

impl Options {
    /// Of a credential. `checks`, which older suites send, may name some of the checks; all are made.
    pub fn of_credential(given: Option<&Map<String, Value>>) -> Result<Self, ProblemDetails> {
        Options::read(given, "returnCredential", "assertionMethod", false)
    }

    /// Of a presentation, whose results are told unless told otherwise.
    pub fn of_presentation(given: Option<&Map<String, Value>>) -> Result<Self, ProblemDetails> {
        Options::read(given, "returnPresentation", "authentication", true)
    }

    fn read(
        given: Option<&Map<String, Value>>,
        subject: &str,
        purpose: &str,
        results: bool,
    ) -> Result<Self, ProblemDetails> {
        let mut options = Options {
            results,
            problems: true,
            subject: false,
            challenged: Challenged { challenge: None, domain: None },
        };
        for (name, value) in given.into_iter().flatten() {
            match name.as_str() {
                "returnResults" => options.results = truth(name, value)?,
                "returnProblemDetails" => options.problems = truth(name, value)?,
                name if name == subject => options.subject = truth(name, value)?,
                "challenge" => options.challenged.challenge = Some(text(name, value)?),
                "domain" => options.challenged.domain = Some(text(name, value)?),
                // Signatures for any other purpose never hold.
                "expectedProofPurpose" if text(name, value)? == purpose => {}
                "expectedProofPurpose" => {
                    return Err(ProblemType::ProofVerification.because(format!("Only {purpose} is proven here.")));
                }
                "checks" => {
                    let names = value.as_array().filter(|names| names.iter().all(Value::is_string));
                    names.ok_or_else(|| not_so(name, "a list of names"))?;
                }
                name => return Err(unknown(name)),
            }
        }
        Ok(options)
    }
}

/// An option that nobody here knows what to do with.
pub(super) fn unknown(name: &str) -> ProblemDetails {
    let name: String = name.chars().filter(|c| !c.is_control()).take(80).collect();
    ProblemType::UnknownOption.because(format!("The option {name} is not known here."))
}

fn truth(name: &str, value: &Value) -> Result<bool, ProblemDetails> {
    value.as_bool().ok_or_else(|| not_so(name, "true or false"))
}

pub(super) fn text(name: &str, value: &Value) -> Result<String, ProblemDetails> {
    let text = value.as_str().filter(|text| !text.is_empty() && text.len() <= LONGEST);
    text.map(str::to_owned).ok_or_else(|| not_so(name, "a text"))
}

pub(super) fn not_so(name: &str, what: &str) -> ProblemDetails {
    ProblemType::MalformedValue.because(format!("The option {name} must be {what}."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn every_option_is_understood_or_refused() {
        const PLAIN: Options = Options {
            results: false,
            problems: true,
            subject: false,
            challenged: Challenged { challenge: None, domain: None },
        };
        #[track_caller]
        fn check(options: Value, expected: Result<Options, &str>) {
            let found = Options::of_credential(options.as_object());
            let found = found.map_err(|problem| format!("{}: {}", problem.title, problem.detail));
            assert_eq!(found, expected.map_err(str::to_owned), "{options}");
        }
        check(json!({}), Ok(PLAIN));
        check(json!({"checks": ["proof"]}), Ok(PLAIN));
        check(json!({"expectedProofPurpose": "assertionMethod"}), Ok(PLAIN));
        check(
            json!({"expectedProofPurpose": "authentication"}),
            Err("PROOF_VERIFICATION_ERROR: Only assertionMethod is proven here."),
        );
        check(
            json!({"returnResults": true, "returnCredential": true, "returnProblemDetails": false}),
            Ok(Options { results: true, problems: false, subject: true, ..PLAIN }),
        );
        let challenged = Challenged { challenge: Some("c".to_owned()), domain: Some("d".to_owned()) };
        check(json!({"challenge": "c", "domain": "d"}), Ok(Options { challenged, ..PLAIN }));
        let unknown = |name: &str| format!("UNKNOWN_OPTION_PROVIDED: The option {name} is not known here.");
        check(json!({"returnPresentation": true}), Err(&unknown("returnPresentation")));
        check(json!({"checkEverything": true}), Err(&unknown("checkEverything")));
        check(json!({"a\nb": true}), Err(&unknown("ab")));
        check(json!({"checks": "proof"}), Err("MALFORMED_VALUE_ERROR: The option checks must be a list of names."));
        check(
            json!({"returnResults": 1}),
            Err("MALFORMED_VALUE_ERROR: The option returnResults must be true or false."),
        );
        check(json!({"challenge": ""}), Err("MALFORMED_VALUE_ERROR: The option challenge must be a text."));
        check(
            json!({"domain": "d".repeat(LONGEST + 1)}),
            Err("MALFORMED_VALUE_ERROR: The option domain must be a text."),
        );
    }
}
