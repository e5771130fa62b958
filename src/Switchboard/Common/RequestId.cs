namespace Switchboard.Common;

/// <summary>The id by which a client and the log speak of the same request.</summary>
internal static class RequestId
{
    public const string Header = "x-request-id";

    public static string New() => $"req_{Guid.NewGuid():N}";
}
