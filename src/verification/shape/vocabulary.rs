//! Closed lists of words (OB 3.0 data model, enumerations).

/// The words that a member may have.
pub(super) struct Vocabulary {
    words: &'static [&'static str],
    /// Whether words of one's own are welcome, if they begin with `ext:`.
    open: bool,
}

impl Vocabulary {
    pub(super) fn knows(&self, word: &str) -> bool {
        self.words.contains(&word) || self.open && word.strip_prefix("ext:").is_some_and(is_own)
    }

    /// What to write instead of another.
    pub(super) fn fix(&self) -> String {
        let listed = match self.words {
            [first, second, third, ..] if self.words.len() > 12 => {
                format!("write a word of the standard's list, like {first}, {second} or {third}")
            }
            all => format!("write one of {}", all.join(", ")),
        };
        if self.open { format!("{listed}, or one of your own that begins with ext:") } else { listed }
    }
}

/// What may follow `ext:`. The pattern of the schema has a slip, by which a hyphen may not come first.
fn is_own(word: &str) -> bool {
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    !word.is_empty() && !word.starts_with('-') && word.chars().all(sound)
}

pub(super) static ACHIEVEMENT_TYPE: Vocabulary = Vocabulary {
    words: &[
        "Certification",
        "Course",
        "Badge",
        "Achievement",
        "ApprenticeshipCertificate",
        "Assessment",
        "Assignment",
        "AssociateDegree",
        "Award",
        "BachelorDegree",
        "Certificate",
        "CertificateOfCompletion",
        "CoCurricular",
        "CommunityService",
        "Competency",
        "Degree",
        "Diploma",
        "DoctoralDegree",
        "Fieldwork",
        "GeneralEducationDevelopment",
        "JourneymanCertificate",
        "LearningProgram",
        "License",
        "MasterCertificate",
        "MasterDegree",
        "Membership",
        "MicroCredential",
        "ProfessionalDoctorate",
        "QualityAssuranceCredential",
        "ResearchDoctorate",
        "SecondarySchoolDiploma",
    ],
    open: true,
};

pub(super) static TARGET_TYPE: Vocabulary = Vocabulary {
    words: &[
        "ceasn:Competency",
        "ceterms:Credential",
        "CFItem",
        "CFRubric",
        "CFRubricCriterion",
        "CFRubricCriterionLevel",
        "CTDL",
    ],
    open: true,
};

pub(super) static RESULT_TYPE: Vocabulary = Vocabulary {
    words: &[
        "GradePointAverage",
        "LetterGrade",
        "Percent",
        "PerformanceLevel",
        "PredictedScore",
        "RawScore",
        "Result",
        "RubricCriterion",
        "RubricCriterionLevel",
        "RubricScore",
        "ScaledScore",
        "Status",
    ],
    open: true,
};

pub(super) static RESULT_STATUS: Vocabulary = Vocabulary {
    words: &["Completed", "Enrolled", "Failed", "InProgress", "OnHold", "Provisional", "Withdrew"],
    open: false,
};

/// Of an IdentityObject and of an IdentifierEntry.
pub(super) static IDENTIFIER_TYPE: Vocabulary = Vocabulary {
    words: &[
        "emailAddress",
        "name",
        "systemId",
        "accountId",
        "identifier",
        "isbn",
        "issn",
        "lisSourcedId",
        "ltiContextId",
        "ltiDeploymentId",
        "ltiPlatformId",
        "ltiToolId",
        "ltiUserId",
        "nationalIdentityNumber",
        "oneRosterSourcedId",
        "productId",
        "sisSourcedId",
        "sourcedId",
        "userName",
    ],
    open: true,
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_the_list_and_words_of_ones_own_are_known() {
        #[track_caller]
        fn check(vocabulary: &Vocabulary, word: &str, known: bool) {
            assert_eq!(vocabulary.knows(word), known, "{word}");
        }
        check(&ACHIEVEMENT_TYPE, "Certification", true);
        check(&ACHIEVEMENT_TYPE, "certification", false);
        check(&ACHIEVEMENT_TYPE, "ext:Partner_Tier.2-b", true);
        check(&ACHIEVEMENT_TYPE, "ext:", false);
        check(&ACHIEVEMENT_TYPE, "ext:-tier", false);
        check(&ACHIEVEMENT_TYPE, "ext:two words", false);
        check(&RESULT_STATUS, "Completed", true);
        check(&RESULT_STATUS, "ext:Done", false);
        assert_eq!(
            RESULT_STATUS.fix(),
            "write one of Completed, Enrolled, Failed, InProgress, OnHold, Provisional, Withdrew"
        );
        assert_eq!(
            ACHIEVEMENT_TYPE.fix(),
            "write a word of the standard's list, like Certification, Course or Badge, \
             or one of your own that begins with ext:"
        );
    }
}
