//! The subject, the achievement and its results (OB 3.0 data model).

use super::class::{Class, Closed, Generation, Kind, Typing, list, optional, required};
use super::profile::{IDENTIFIER_ENTRY, IDENTITY_OBJECT, IMAGE, PROFILE};
use super::vocabulary::{ACHIEVEMENT_TYPE, RESULT_STATUS, RESULT_TYPE, TARGET_TYPE};
use Kind::{Endorsement, Language, Moment, Number, Object, Text, Token, Word};

pub(super) static ACHIEVEMENT_SUBJECT: Class = Class::new(
    Typing::List("AchievementSubject"),
    &[&[
        optional("id", Text),
        list("identifier", Object(&IDENTITY_OBJECT)),
        required(
            "achievement",
            Object(&ACHIEVEMENT),
            "add an object that says what was achieved: id, type [\"Achievement\"], name, description and criteria",
        ),
        optional("activityStartDate", Moment),
        optional("activityEndDate", Moment),
        optional("creditsEarned", Number),
        optional("image", Object(&IMAGE)),
        optional("licenseNumber", Text),
        optional("narrative", Text),
        list("result", Object(&RESULT)),
        optional("role", Text),
        optional("source", Object(&PROFILE)),
        optional("term", Text),
    ]],
)
.closed(Closed::In(Generation::One))
.rule(|subject| {
    let unnamed = !subject.contains_key("id") && !subject.contains_key("identifier");
    unnamed.then_some(("does not say who holds it", "add the id of the holder, or an identifier"))
});

static ACHIEVEMENT: Class = Class::new(
    Typing::List("Achievement"),
    &[&[
        required("id", Text, "add the address of the achievement, the same in every badge for it"),
        required("name", Text, "add the name of the achievement"),
        required("description", Text, "add a sentence that says what it is"),
        required("criteria", Object(&CRITERIA), "add an object with an id or a narrative that says how it is earned"),
        optional("achievementType", Word(&ACHIEVEMENT_TYPE)),
        list("alignment", Object(&ALIGNMENT)),
        optional("creator", Object(&PROFILE)),
        optional("creditsAvailable", Number),
        list("endorsement", Endorsement),
        list("endorsementJwt", Token),
        optional("fieldOfStudy", Text),
        optional("humanCode", Text),
        optional("image", Object(&IMAGE)),
        optional("inLanguage", Language),
        list("otherIdentifier", Object(&IDENTIFIER_ENTRY)),
        list("related", Object(&RELATED)),
        list("resultDescription", Object(&RESULT_DESCRIPTION)),
        optional("specialization", Text),
        list("tag", Text),
        optional("version", Text),
    ]],
);

static CRITERIA: Class =
    Class::new(Typing::Free, &[&[optional("id", Text), optional("narrative", Text)]]).rule(|criteria| {
        let empty = !criteria.contains_key("id") && !criteria.contains_key("narrative");
        empty.then_some(("says nothing", "add an id or a narrative that says how it is earned"))
    });

static ALIGNMENT: Class = Class::new(
    Typing::List("Alignment"),
    &[&[
        required("targetName", Text, "add the name of what it is aligned with"),
        required("targetUrl", Text, "add the address of what it is aligned with"),
        optional("targetCode", Text),
        optional("targetDescription", Text),
        optional("targetFramework", Text),
        optional("targetType", Word(&TARGET_TYPE)),
    ]],
);

static RESULT: Class = Class::new(
    Typing::List("Result"),
    &[&[
        optional("achievedLevel", Text),
        list("alignment", Object(&ALIGNMENT)),
        optional("resultDescription", Text),
        optional("status", Word(&RESULT_STATUS)),
        optional("value", Text),
    ]],
);

static RESULT_DESCRIPTION: Class = Class::new(
    Typing::List("ResultDescription"),
    &[&[
        required("id", Text, "add an address or a urn:uuid: that results can refer to"),
        required("name", Text, "add a name for people to read"),
        required("resultType", Word(&RESULT_TYPE), "add the kind of result, like \"Percent\""),
        list("alignment", Object(&ALIGNMENT)),
        list("allowedValue", Text),
        optional("requiredLevel", Text),
        optional("requiredValue", Text),
        list("rubricCriterionLevel", Object(&RUBRIC_CRITERION_LEVEL)),
        optional("valueMax", Text),
        optional("valueMin", Text),
    ]],
);

static RUBRIC_CRITERION_LEVEL: Class = Class::new(
    Typing::List("RubricCriterionLevel"),
    &[&[
        required("id", Text, "add an address or a urn:uuid: that results can refer to"),
        required("name", Text, "add a name for people to read"),
        list("alignment", Object(&ALIGNMENT)),
        optional("description", Text),
        optional("level", Text),
        optional("points", Text),
    ]],
);

static RELATED: Class = Class::new(
    Typing::List("Related"),
    &[&[
        required("id", Text, "add the id of the related achievement"),
        optional("inLanguage", Language),
        optional("version", Text),
    ]],
);
