//! Issuers, creators and holders: profiles, identifiers, addresses and pictures (OB 3.0 data model).

use super::class::{Class, Closed, Kind, Typing, list, optional, required};
use super::vocabulary::IDENTIFIER_TYPE;
use Kind::{Day, Endorsement, Flag, Number, Object, Text, Token, Word};

pub(super) static PROFILE: Class = Class::new(
    Typing::List("Profile"),
    &[&[
        required("id", Text, "add the address or DID of the profile"),
        optional("name", Text),
        optional("url", Text),
        optional("phone", Text),
        optional("description", Text),
        list("endorsement", Endorsement),
        list("endorsementJwt", Token),
        optional("image", Object(&IMAGE)),
        optional("email", Text),
        optional("address", Object(&ADDRESS)),
        list("otherIdentifier", Object(&IDENTIFIER_ENTRY)),
        optional("official", Text),
        optional("parentOrg", Object(&PROFILE)),
        optional("familyName", Text),
        optional("givenName", Text),
        optional("additionalName", Text),
        optional("patronymicName", Text),
        optional("honorificPrefix", Text),
        optional("honorificSuffix", Text),
        optional("familyNamePrefix", Text),
        optional("dateOfBirth", Day),
    ]],
);

static ADDRESS: Class = Class::new(
    Typing::List("Address"),
    &[&[
        optional("addressCountry", Text),
        optional("addressCountryCode", Text),
        optional("addressRegion", Text),
        optional("addressLocality", Text),
        optional("streetAddress", Text),
        optional("postOfficeBoxNumber", Text),
        optional("postalCode", Text),
        optional("geo", Object(&GEO_COORDINATES)),
    ]],
);

static GEO_COORDINATES: Class = Class::new(
    Typing::Single("GeoCoordinates"),
    &[&[
        required("latitude", Number, "add the latitude as a number of degrees"),
        required("longitude", Number, "add the longitude as a number of degrees"),
    ]],
);

pub(super) static IMAGE: Class = Class::new(
    Typing::Single("Image"),
    &[&[required("id", Text, "add the address of the picture"), optional("caption", Text)]],
)
.closed(Closed::Yes);

pub(super) static IDENTIFIER_ENTRY: Class = Class::new(
    Typing::Single("IdentifierEntry"),
    &[&[
        required("identifier", Text, "add the identifier"),
        required("identifierType", Word(&IDENTIFIER_TYPE), "add what kind of identifier it is, like \"systemId\""),
    ]],
)
.closed(Closed::Yes);

pub(super) static IDENTITY_OBJECT: Class = Class::new(
    Typing::Single("IdentityObject"),
    &[&[
        required("hashed", Flag, "add true if the identifier is hashed, false if it stands there in plain text"),
        required("identityHash", Text, "add the identifier of the holder, plain or hashed"),
        required("identityType", Word(&IDENTIFIER_TYPE), "add what kind of identifier it is, like \"emailAddress\""),
        optional("salt", Text),
    ]],
)
.closed(Closed::Yes);
