namespace Caller.Wire;

/// <summary>One HTTP request to make of the server under test.</summary>
internal sealed record Ask
{
    /// <summary>Sent as the body; null sends none.</summary>
    public string? Body { get; init; }

    public HttpMethod Method { get; init; } = HttpMethod.Post;

    public string ContentType { get; init; } = "application/json";

    /// <summary>How the body is compressed, as Content-Encoding says it: br or gzip; null: not at all.</summary>
    public string? Coding { get; init; }

    /// <summary>Headers beside those of the body. Without an Accept among them, event streams and JSON are asked for.</summary>
    public IReadOnlyList<(string Name, string Value)> Headers { get; init; } = [];

    /// <summary>Whether a key goes with it, where the platform sends one.</summary>
    public bool HasKey { get; init; } = true;

    /// <summary>The call, for an address that names it; null: none.</summary>
    public string? Call { get; init; }

    /// <summary>Replaces the endpoint's address.</summary>
    public Uri? Address { get; init; }

    /// <summary>The same with another value of a header; null takes the header out.</summary>
    public Ask WithHeader(string name, string? value)
    {
        var others = Headers.Where(header => !header.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return this with { Headers = value is null ? [.. others] : [.. others, (name, value)] };
    }
}
