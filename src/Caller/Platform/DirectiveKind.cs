namespace Caller.Platform;

/// <summary>What the real-time workflow can be told inside the text of an answer.</summary>
internal enum DirectiveKind
{
    HangUp,
    Transfer,
    NoInterrupting,
    Emotion,

    /// <summary>Begins like a directive but is not one the platform documents.</summary>
    Unknown,
}
