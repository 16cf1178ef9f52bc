//! A gentle sound, made in the browser: no file.

use web_sys::{AudioContext, OscillatorType};

/// The two notes, in hertz, and when each begins, in seconds.
const NOTES: [(f32, f64); 2] = [(659.3, 0.0), (880.0, 0.12)];
/// How loud they begin: a tenth of what is possible.
const LOUDNESS: f32 = 0.1;
/// How long each fades away, in seconds.
const FADE_S: f64 = 0.4;

/// Plays it. A browser that wants to be pressed on something first stays silent.
pub(crate) fn play(context: &AudioContext) -> Option<()> {
    // Where it may not go on yet, it tells by a promise that nobody waits for.
    let _ = context.resume();
    let now = context.current_time();
    for (hertz, at) in NOTES {
        let (start, end) = (now + at, now + at + FADE_S);
        let note = context.create_oscillator().ok()?;
        note.set_type(OscillatorType::Sine);
        note.frequency().set_value(hertz);
        let gain = context.create_gain().ok()?;
        gain.gain().set_value_at_time(LOUDNESS, start).ok()?;
        gain.gain().exponential_ramp_to_value_at_time(0.001, end).ok()?;
        note.connect_with_audio_node(&gain).ok()?.connect_with_audio_node(&context.destination()).ok()?;
        note.start_with_when(start).ok()?;
        note.stop_with_when(end).ok()?;
    }
    Some(())
}
