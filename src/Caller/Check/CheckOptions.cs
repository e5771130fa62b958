using Caller.Platform;

namespace Caller.Check;

/// <summary>What a check run is told.</summary>
internal sealed record CheckOptions
{
    public required string Model { get; init; }

    /// <summary>Null: the server asks for none, and the authentication checks do not apply.</summary>
    public string? Key { get; init; }

    /// <summary>Who calls.</summary>
    public VoicePlatform Platform { get; init; } = VoicePlatforms.Ims;

    /// <summary>Headers that the user added, <c>name=value</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>A model id the server should not know.</summary>
    public string WrongModel { get; init; } = "caller-check-no-such-model";

    /// <summary>Something said that makes the server hang up without tools being offered; null: not tried.</summary>
    public string? HangUpText { get; init; }

    /// <summary>The function that the platform maps to hanging up.</summary>
    public string HangUpFunction { get; init; } = "hangup";

    /// <summary>Time one answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Time from <c>[DONE]</c> to the end of the body.</summary>
    public TimeSpan AfterDone { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Time the whole run may take; what was not asked by then is reported as not run.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Time to first speech that is still fine on a call.</summary>
    public TimeSpan FirstSpeech { get; init; } = TimeSpan.FromSeconds(2.5);

    /// <summary>Silence inside an answer that is still fine on a call.</summary>
    public TimeSpan Gap { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Calls at once.</summary>
    public int Parallel { get; init; } = 4;
}
