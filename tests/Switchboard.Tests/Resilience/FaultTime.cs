namespace Switchboard.Tests.Resilience;

/// <summary>By when a failure is over for the caller.</summary>
internal enum FaultTime
{
    /// <summary>As soon as it is seen: no clock is waited for.</summary>
    AtOnce,

    /// <summary><c>FirstSpeech:Deadline</c> after the attempt began.</summary>
    FirstSpeech,

    /// <summary><c>StallTimeout</c> after the last piece.</summary>
    Stall,

    /// <summary><c>Limits:TurnTimeout</c> after the request.</summary>
    Turn,

    /// <summary>A moment after its finish reason.</summary>
    Tail,

    /// <summary>When the upstream goes on, which is before any deadline.</summary>
    WhenItGoesOn,
}
