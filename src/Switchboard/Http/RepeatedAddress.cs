using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Switchboard.Contract;

namespace Switchboard.Http;

/// <summary>
/// Addresses with a part of the path twice: some platforms append <c>/chat/completions</c> to what was typed in and some do not, so people type it in where it
/// is appended too, and <c>/models</c> is asked for behind it. To a caller it would be a mute agent.
/// </summary>
internal static partial class RepeatedAddress
{
    /// <summary>
    /// The paths that may be such. They begin a part before the repetition: the router of the Functions host, like that of ASP.NET Core, knows no path with an empty part, but
    /// for what a parameter at the end takes in. Of whole paths that takes only those that begin as ours do, and have an empty part.
    /// </summary>
    public static readonly IReadOnlyList<string> Paths = [Routes.ChatAgain, Routes.ChatAgainV1, Routes.V1Again, Routes.EmptyPart];

    /// <summary>The route that a request to one of them means; null when it is none.</summary>
    public static string? RouteOf(HttpRequest request)
    {
        var path = Address().Match(request.Path.Value ?? "");
        return !path.Success ? null
            : path.Groups["turn"].Success ? Routes.ChatCompletions
            : path.Groups["id"].Success ? Routes.Model
            : Routes.Models;
    }

    /// <summary>The id of the model in a path; null for a path of the list. As it was sent, decoded once: a server decodes a path but for an encoded slash, and an id may have slashes.</summary>
    public static string? ModelOf(HttpContext context)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget.Split('?')[0] ?? "";
        return Address().Match(target) is { Success: true } sent
            ? (sent.Groups["id"] is { Success: true } id ? Uri.UnescapeDataString(id.Value) : null)
            : Address().Match(context.Request.Path.Value ?? "") is { Success: true } decoded && decoded.Groups["id"] is { Success: true } known ? known.Value : null;
    }

    // Whoever asks without a key is read here too: slashes in a row are taken at once, and an id may hold any character, so that nothing is ever tried in many ways.
    [GeneratedRegex(
        @"^(?:(?>/+)(?:v1|chat(?>/+)completions))*(?>/+)(?:(?<turn>chat(?>/+)completions)|models(?>/+)(?<id>.*[^/])|models)(?>/*)\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Address();
}
