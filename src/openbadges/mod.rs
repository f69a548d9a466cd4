//! The data model of Open Badges 3.0, with the specification's own names, one file a class.
