//! The two people who can sign in.

use subtle::ConstantTimeEq as _;

/// A user of the portal.
///
/// The password is shown on the login page, so it is kept as it is. A real portal keeps an Argon2 hash.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct User {
    /// As the portal's records have it: the exact bytes that a connection key is made over.
    pub email: &'static str,
    pub name: &'static str,
    pub company: &'static str,
    pub demo_password: &'static str,
}

/// Everybody the portal knows.
pub(crate) const USERS: &[User] = &[
    User {
        email: "ann@example.com",
        name: "Ann Okafor",
        company: "Harbour Dental",
        demo_password: "demo-lantern-42",
    },
    User {
        email: "ben@example.com",
        name: "Ben Lindqvist",
        company: "Lindqvist & Sons",
        demo_password: "demo-harvest-17",
    },
];

/// The user with this email and password. Takes as long for a wrong password as for an unknown email.
pub(crate) fn authenticate(email: &str, password: &str) -> Option<&'static User> {
    let email = email.trim().to_lowercase();
    let mut found = None;
    for user in USERS {
        let right = user.email.as_bytes().ct_eq(email.as_bytes())
            & user.demo_password.as_bytes().ct_eq(password.as_bytes());
        if right.into() {
            found = Some(user);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_user_signs_in_with_the_own_password_alone() {
        for user in USERS {
            for other in USERS {
                let found = authenticate(user.email, other.demo_password);
                assert_eq!(found, (user == other).then_some(user));
            }
            assert_eq!(
                authenticate(&format!(" {} ", user.email.to_uppercase()), user.demo_password),
                Some(user)
            );
            assert_eq!(authenticate(user.email, ""), None);
        }
        assert_eq!(authenticate("", ""), None);
    }
}
