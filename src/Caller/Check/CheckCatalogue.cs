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
    ];
}
