using Caller.Platform;
using Caller.Wire;

namespace Caller.Commands;

/// <summary>Whom to call and as whom, as read from the command line.</summary>
internal sealed record Target(Endpoint Endpoint, string Model, string? Key, VoicePlatform Platform)
{
    /// <summary>Headers to add, <c>name=value</c>.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>What is odd about what was given.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
