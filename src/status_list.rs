//! The bitstring of a status list: set, read, encode, decode with bounds (Bitstring Status List 1.0, §2 and §3).
