using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Switchboard.Contract;

namespace Switchboard.Platforms;

/// <summary>Reads the <see cref="CallContext"/> of a request, whichever platform sends it.</summary>
internal static class CallContextReader
{
    // What one has said, a later one leaves as it is.
    private static readonly Dialect[] Dialects = [ImsCall.Dialect, TrtcCall.Dialect, VapiCall.Dialect];

    /// <exception cref="ApiException">A field has the wrong type; the exception names it.</exception>
    public static CallContext Read(JsonElement body, HttpRequest request) =>
        Dialects.Aggregate(new CallContext(), (call, dialect) => dialect.Read(call, body, request));

    /// <summary>Refuses ids longer than ids may be; apart from reading them, so that the log can say of whose call a request is refused.</summary>
    /// <exception cref="ApiException">One is too long; the exception names it.</exception>
    public static void EnsureShort(CallContext call)
    {
        foreach (var (name, valueOf) in Dialects.SelectMany(dialect => dialect.Ids))
        {
            if (valueOf(call) is { } id)
            {
                JsonField.EnsureName(id, name);
            }
        }
    }
}

/// <summary>How one platform says which call a request belongs to.</summary>
/// <param name="Read">Gives a call what a request says of it. The request may be another platform's, and then says nothing.</param>
/// <param name="Ids">What it says that has to be short, each with the name that an error gives it.</param>
internal sealed record Dialect(Func<CallContext, JsonElement, HttpRequest, CallContext> Read, params IReadOnlyList<(string Name, Func<CallContext, string?> ValueOf)> Ids)
{
    /// <summary>The first of the values of a query parameter or header; null when it is missing or empty.</summary>
    public static string? First(StringValues values) => values is [{ Length: > 0 } first, ..] ? first : null;
}
