//! A conversation as it is drawn: bubbles in runs, and a time where the day or the hour changes.

use super::conversation::{Conversation, Pending};
use crate::failure::Failure;
use protocol::conversation::{Attachment, Message};
use protocol::wire::Author;

/// A moment in the user's time zone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Moment {
    /// Milliseconds since 1970.
    pub(crate) ms: f64,
    /// Number of the calendar day; only compared.
    pub(crate) day: i32,
    /// 0 to 23.
    pub(crate) hour: u32,
}

impl Moment {
    /// Milliseconds as a whole number, in text. Writing out fractions takes 10 KB of code.
    fn key(self) -> String {
        #[expect(clippy::cast_possible_truncation, reason = "times are far from the ends of the range")]
        (self.ms as i64).to_string()
    }
}

/// How far a message has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// Thread has it.
    Sent,
    /// The other side has read it.
    Seen,
    /// On its way.
    Sending,
    /// It did not get there.
    Failed(Failure),
}

/// A message in its bubble.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bubble {
    /// The same before and after Thread has acknowledged it.
    pub(crate) key: String,
    /// Who wrote it.
    pub(crate) author: Author,
    /// The agent's name, above the first of a run.
    pub(crate) agent: Option<String>,
    /// Its text.
    pub(crate) body: String,
    /// Its files.
    pub(crate) attachments: Vec<Attachment>,
    /// When it was written.
    pub(crate) at: Moment,
    /// How far it has come.
    pub(crate) delivery: Delivery,
    /// Whether it begins a run.
    pub(crate) first: bool,
    /// Whether it ends a run.
    pub(crate) last: bool,
    /// Whether "Sent" or "Try again" stands below it: only below the very last message, if it is the user's.
    pub(crate) notes_delivery: bool,
}

/// A line of the drawn conversation.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Row {
    /// A time; with the date where the day is another than above.
    Time {
        /// When.
        at: Moment,
        /// Whether the date is told too.
        with_date: bool,
    },
    /// A message.
    Bubble(Bubble),
}

impl Row {
    /// Changes with everything that is drawn, and with nothing else.
    pub(crate) fn key(&self) -> String {
        match self {
            Self::Time { at, with_date } => {
                [at.key().as_str(), if *with_date { " date" } else { " time" }].concat()
            }
            Self::Bubble(bubble) => {
                let delivery = match bubble.delivery {
                    Delivery::Sent => " sent",
                    Delivery::Seen => " seen",
                    Delivery::Sending => " sending",
                    Delivery::Failed(_) => " failed",
                };
                let mut key = [bubble.key.as_str(), delivery].concat();
                for (flag, mark) in [(bubble.first, '('), (bubble.last, ')'), (bubble.notes_delivery, '!')] {
                    if flag {
                        key.push(mark);
                    }
                }
                key
            }
        }
    }
}

/// Who looks at a conversation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Viewer {
    /// Which side they are on.
    pub(crate) own: Author,
    /// The name that their messages will have.
    pub(crate) name: Option<String>,
    /// The other side has read messages up to here.
    pub(crate) seen: i64,
}

/// Draws a conversation. `stored` reads Thread's times, `written` those of this device.
pub(crate) fn rows(
    conversation: &Conversation,
    viewer: &Viewer,
    stored: impl Fn(&Message) -> Moment,
    written: impl Fn(&Pending) -> Moment,
) -> Vec<Row> {
    let sent = conversation.messages().iter().map(|message| Bubble {
        // An optimistic message keeps its key when it is acknowledged.
        key: message.client_id.as_ref().map_or_else(|| message.id.0.clone(), |id| id.0.clone()),
        author: message.author,
        agent: message.agent.as_ref().map(|agent| agent.name.clone()),
        body: message.body.clone(),
        attachments: message.attachments.clone(),
        at: stored(message),
        delivery: Delivery::Sent,
        first: true,
        last: true,
        notes_delivery: false,
    });
    let sending = conversation.pending().iter().map(|pending| Bubble {
        key: pending.client_id.0.clone(),
        author: viewer.own,
        agent: viewer.name.clone(),
        body: pending.body.clone(),
        attachments: pending.attachments.clone(),
        at: written(pending),
        delivery: match pending.failure {
            // It goes out by itself with the next session.
            Some(failure) if !failure.is_session_end() => Delivery::Failed(failure),
            _ => Delivery::Sending,
        },
        first: true,
        last: true,
        notes_delivery: false,
    });
    let mut bubbles: Vec<Bubble> = sent.chain(sending).collect();

    let mut out = Vec::with_capacity(bubbles.len() + 8);
    let mut breaks = vec![true; bubbles.len()];
    for at in 1..bubbles.len() {
        let (above, here) = (&bubbles[at - 1], &bubbles[at]);
        let new_time = above.at.day != here.at.day || above.at.hour != here.at.hour;
        breaks[at] = new_time;
        let joined = !new_time && above.author == here.author && above.agent == here.agent;
        bubbles[at - 1].last = !joined;
        bubbles[at].first = !joined;
    }
    if let Some(last) = bubbles.last_mut() {
        last.notes_delivery = last.author == viewer.own;
        let is_seen = conversation.messages().last().is_some_and(|message| message.seq <= viewer.seen);
        if last.notes_delivery && last.delivery == Delivery::Sent && is_seen {
            last.delivery = Delivery::Seen;
        }
    }
    let mut day = None;
    for (bubble, breaks) in bubbles.into_iter().zip(breaks) {
        if breaks {
            out.push(Row::Time { at: bubble.at, with_date: day != Some(bubble.at.day) });
            day = Some(bubble.at.day);
        }
        out.push(Row::Bubble(bubble));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::conversation::tests::{message, pending_message};
    use super::*;
    use proptest::prelude::*;

    /// The `seq` tells the time here: so many minutes.
    fn moment(minutes: i64) -> Moment {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small numbers")]
        let (day, hour) = ((minutes / 1440) as i32, (minutes / 60 % 24) as u32);
        Moment { ms: f64::from(i32::try_from(minutes).expect("small")) * 60_000.0, day, hour }
    }

    fn drawn(conversation: &Conversation) -> Vec<Row> {
        seen_up_to(conversation, 0)
    }

    fn seen_up_to(conversation: &Conversation, seen: i64) -> Vec<Row> {
        let viewer = Viewer { own: Author::Contact, name: None, seen };
        rows(conversation, &viewer, |m| moment(m.seq), |_| moment(9999))
    }

    fn sketch(rows: &[Row]) -> String {
        rows.iter()
            .map(|row| match row {
                Row::Time { with_date: true, .. } => "D".into(),
                Row::Time { .. } => "T".into(),
                Row::Bubble(b) => {
                    let author = if b.author == Author::Agent { "a" } else { "c" };
                    [if b.first { "(" } else { "" }, author, if b.last { ")" } else { "" }].concat()
                }
            })
            .collect()
    }

    #[test]
    fn runs_are_joined_and_times_stand_where_hour_or_day_changes() {
        let mut conversation = Conversation::default();
        // 1, 2, 4 and 5 are the contact's, 3 the agent's; 61 is an hour, 1441 a day later.
        conversation.merge([1, 2, 3, 4, 5, 61, 62, 1441].map(message));
        assert_eq!(sketch(&drawn(&conversation)), "D(cc)(a)(cc)T(cc)D(c)");
    }

    #[test]
    fn only_the_last_message_tells_how_far_it_has_come() {
        let mut conversation = Conversation::default();
        conversation.merge([1, 2].map(message));
        conversation.write(pending_message("x", "x"));
        conversation.write(pending_message("y", "y"));
        conversation.fail(Failure::Timeout);
        let told: Vec<_> = drawn(&conversation)
            .into_iter()
            .filter_map(|row| match row {
                Row::Bubble(b) if b.notes_delivery => Some((b.key, b.delivery)),
                _ => None,
            })
            .collect();
        assert_eq!(told, [("y".into(), Delivery::Failed(Failure::Timeout))]);
    }

    #[test]
    fn what_agents_have_read_is_told_of_the_last_message_alone() {
        let mut conversation = Conversation::default();
        conversation.merge([1, 2].map(message));
        let last = |seen| match seen_up_to(&conversation, seen).pop() {
            Some(Row::Bubble(bubble)) => Some(bubble.delivery),
            _ => None,
        };
        assert_eq!(last(1), Some(Delivery::Sent));
        assert_eq!(last(2), Some(Delivery::Seen));
    }

    #[test]
    fn each_agent_has_a_run_of_their_own() {
        let mut conversation = Conversation::default();
        let by = |seq, name: &str| {
            let mut message = message(seq);
            message.author = Author::Agent;
            message.agent = Some(protocol::wire::Agent { name: name.into() });
            message
        };
        conversation.merge([by(3, "Mia"), by(4, "Mia"), by(5, "Leo")]);
        assert_eq!(sketch(&drawn(&conversation)), "D(aa)(a)");
    }

    #[test]
    fn what_an_agent_has_just_written_joins_the_run_of_their_name() {
        let mut conversation = Conversation::default();
        let mut sent = message(3);
        sent.agent = Some(protocol::wire::Agent { name: "Mia".into() });
        conversation.merge([message(1), message(2), sent]);
        conversation.write(pending_message("x", "x"));
        let viewer = Viewer { own: Author::Agent, name: Some("Mia".into()), seen: 2 };
        let rows = rows(&conversation, &viewer, |m| moment(m.seq), |_| moment(4));
        assert_eq!(sketch(&rows), "D(cc)(aa)");
        assert!(matches!(rows.last(), Some(Row::Bubble(last)) if last.notes_delivery));
    }

    #[test]
    fn what_waits_for_a_new_session_is_on_its_way() {
        let mut conversation = Conversation::default();
        conversation.write(pending_message("x", "x"));
        conversation.fail(Failure::Refused(protocol::ErrorCode::SessionExpired));
        let row = drawn(&conversation).pop();
        assert!(matches!(row, Some(Row::Bubble(Bubble { delivery: Delivery::Sending, .. }))));
    }

    #[test]
    fn a_message_that_is_acknowledged_keeps_its_key() {
        let mut before = Conversation::default();
        before.write(pending_message("c1", "body 1"));
        let mut after = before.clone();
        after.merge([message(1)]);
        let key = |c: &Conversation| {
            drawn(c).into_iter().find_map(|row| match row {
                Row::Bubble(bubble) => Some(bubble.key),
                Row::Time { .. } => None,
            })
        };
        assert_eq!(key(&before), key(&after));
    }

    proptest! {
        #[test]
        fn runs_are_well_formed(seqs in prop::collection::btree_set(1_i64..4000, 0..40)) {
            let mut conversation = Conversation::default();
            conversation.merge(seqs.iter().copied().map(message));
            let rows = drawn(&conversation);
            prop_assert_eq!(rows.iter().filter(|r| matches!(r, Row::Bubble(_))).count(), seqs.len());
            let mut open = false;
            for row in &rows {
                match row {
                    Row::Time { .. } => prop_assert!(!open, "no time within a run"),
                    Row::Bubble(b) => {
                        prop_assert_eq!(b.first, !open);
                        open = !b.last;
                    }
                }
            }
            prop_assert!(!open);
            let keys: std::collections::BTreeSet<_> = rows.iter().map(Row::key).collect();
            prop_assert_eq!(keys.len(), rows.len());
        }
    }
}
