using Caller.Platform;

namespace Caller.Check;

/// <summary>All checks, in the order they are shown.</summary>
internal static class CheckCatalogue
{
    public static readonly IReadOnlyList<Check> All =
    [
        .. TransportChecks.All,
        .. AuthenticationChecks.All,
        .. RequestChecks.All,
        .. FramingChecks.All,
        .. ChunkChecks.All,
        .. OrderChecks.All,
        .. ToolChecks.All,
        .. UsageChecks.All,
        .. StreamingChecks.All,
        .. ErrorChecks.All,
        .. CancellationChecks.All,
        .. ConcurrencyChecks.All,
        .. PlatformRequestChecks.All,
        .. PlatformAnswerChecks.All,
    ];

    /// <summary>The checks of a platform's run.</summary>
    public static IReadOnlyList<Check> For(VoicePlatform platform) => [.. All.Where(check => check.Of?.Invoke(platform) != false).Select(check => ForPlatform(check, platform))];

    // What only some platforms demand is said by their own pages.
    private static Check ForPlatform(Check check, VoicePlatform platform) => check.Group == PlatformRequestChecks.Group ? check with { Source = platform.Source } : check;
}
