namespace Caller.Wire;

/// <summary>One HTTP request to make of the server under test.</summary>
internal sealed record Ask
{
    /// <summary>Sent as the body; null sends none.</summary>
    public string? Body { get; init; }

    public HttpMethod Method { get; init; } = HttpMethod.Post;

    public string ContentType { get; init; } = "application/json";

    /// <summary>The whole Authorization header; null sends none.</summary>
    public string? Authorization { get; init; }

    /// <summary>Replaces the endpoint's address.</summary>
    public Uri? Address { get; init; }
}
