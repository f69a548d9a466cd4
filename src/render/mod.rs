//! Badge pictures: values in, bytes out.
