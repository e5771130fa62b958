namespace Switchboard.Tests.Transcripts;

/// <summary>What becomes of a request to the table service.</summary>
internal enum Fate
{
    /// <summary>It gets there, and the answer comes back.</summary>
    Arrive,

    /// <summary>It gets there, but the answer is lost on the way.</summary>
    LoseAnswer,

    /// <summary>It is lost on the way.</summary>
    Lose,

    /// <summary>It is answered with 503.</summary>
    Busy,

    /// <summary>It is answered with 400.</summary>
    Refuse,
}
