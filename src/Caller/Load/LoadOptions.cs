using Caller.Platform;

namespace Caller.Load;

/// <summary>What a load run is told.</summary>
internal sealed record LoadOptions
{
    /// <summary>Calls at once.</summary>
    public const int MaxCalls = 5000;

    /// <summary>New calls a second.</summary>
    public const double MaxRate = 1000;

    /// <summary>Turns of a whole run; it ends when they are used up.</summary>
    public const int MaxTurns = 500_000;

    public required string Model { get; init; }

    public string? Key { get; init; }

    /// <summary>Who calls.</summary>
    public VoicePlatform Platform { get; init; } = VoicePlatforms.Ims;

    /// <summary>Headers that the user added, <c>name=value</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Calls at once; with a rate, the most there may be.</summary>
    public int Calls { get; init; } = 10;

    /// <summary>New calls a second; null: as soon as a call is over the next begins.</summary>
    public double? Rate { get; init; }

    /// <summary>Time during which turns are begun.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Time between hearing an answer and speaking again, on average; it varies by half.</summary>
    public TimeSpan Think { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Turns of each call.</summary>
    public int Turns { get; init; } = 5;

    /// <summary>Time one answer may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>What callers say, in turn.</summary>
    public IReadOnlyList<string> Speech { get; init; } = ["Hello, who am I talking to?", "What can you do for me?", "Please tell me more about that.", "I see. And then?", "Thank you, that is all."];

    /// <summary>Makes think times repeatable.</summary>
    public int Seed { get; init; } = 1;
}
