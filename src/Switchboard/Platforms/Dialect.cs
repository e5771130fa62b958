using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>How one platform says which call a request belongs to, and what it wants of an answer.</summary>
/// <param name="Name">What settings, logs and transcripts call the platform.</param>
internal sealed record Dialect(string Name)
{
    /// <summary>Whether a request is this platform's.</summary>
    public required Func<JsonElement, HttpRequest, bool> Recognises { get; init; }

    /// <summary>Gives a call what a request of this platform says of it.</summary>
    public required Func<CallContext, JsonElement, HttpRequest, CallContext> Read { get; init; }

    /// <summary>What it says that has to be short, each with the name that an error gives it.</summary>
    public IReadOnlyList<(string Name, Func<CallContext, string?> ValueOf)> Ids { get; init; } = [];

    /// <summary>What its answers must look like.</summary>
    public AnswerForm Answer { get; init; } = AnswerForm.Plain;

    /// <summary>The first of the values of a query parameter or header; null when it is missing or empty.</summary>
    public static string? First(StringValues values) => values is [{ Length: > 0 } first, ..] ? first : null;
}
