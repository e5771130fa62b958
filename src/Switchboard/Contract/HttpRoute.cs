using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Switchboard.Contract;

/// <summary>
/// The paths of the routes, without a leading slash as HTTP triggers want them. The platform appends <c>/chat/completions</c> to whatever
/// base URL was typed in, so the completions and the models are served with and without <c>v1</c>.
/// </summary>
public static class Routes
{
    public const string ChatCompletions = "chat/completions";
    public const string ChatCompletionsV1 = "v1/chat/completions";
    public const string Models = "models";
    public const string ModelsV1 = "v1/models";
    public const string Model = "models/{*id}";
    public const string ModelV1 = "v1/models/{*id}";

    /// <summary>Where part of a path was typed in that is appended too, as in <c>v1/chat/completions/chat/completions</c>.</summary>
    public const string ChatAgain = "chat/{*again}";

    /// <inheritdoc cref="ChatAgain"/>
    public const string ChatAgainV1 = "v1/chat/{*again}";

    /// <inheritdoc cref="ChatAgain"/>
    public const string V1Again = "v1/v1/{*again}";

    /// <summary>Where a base URL that ends in a slash was joined with a path that begins with one, as in <c>v1//chat/completions</c>.</summary>
    public const string EmptyPart = @"{*again:regex(^(v1|chat|models)(\x2f|\x2f.*\x2f)\x2f)}";

    public const string Calls = "calls";
    public const string CallsOverview = "calls/overview";
    public const string Call = $"calls/{{{CallId}}}";
    public const string Console = "console";

    /// <summary>The address itself: what the Functions host takes for a route that nothing follows, since it has none that is empty.</summary>
    /// <remarks>https://github.com/Azure/Azure-Functions/issues/2473</remarks>
    public const string Root = "{nothing:maxlength(0)?}";

    /// <summary>Where IMS posts its callbacks. Their address is typed in whole, so there is one, without <c>v1</c>.</summary>
    public const string ImsEvents = "ims/events";

    public const string Live = "health/live";
    public const string Ready = "health/ready";

    /// <summary>The parameter of the route that has the id of a call.</summary>
    internal const string CallId = "instanceId";

    /// <summary>Whether a request is a browser's that opens a page: it names HTML. curl and platforms take anything, and name none.</summary>
    internal static bool IsForPeople(HttpRequest request) =>
        MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted) && accepted.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase) && type.Quality is not 0);
}

/// <summary>A route.</summary>
/// <param name="Path">One of <see cref="Routes"/>.</param>
/// <param name="Methods">The HTTP methods that it answers.</param>
/// <param name="AnswerAsync">Answers a request. Of those that <c>HttpRoutes</c> has it never throws, and what it returns never does.</param>
public sealed record HttpRoute(string Path, IReadOnlyList<string> Methods, Func<HttpContext, Task<IResult>> AnswerAsync)
{
    /// <summary>Whether it answers without any key, as probes of health need it. Default false.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Whether pages of other origins may ask it, where the settings name them. Default false.</summary>
    internal bool IsForPages { get; init; }

    /// <summary>Whether it sees to its time and its errors itself, as a turn does. Default false.</summary>
    internal bool IsSelfBounded { get; init; }
}

/// <summary>A service that answers on routes.</summary>
internal interface IRoutes
{
    /// <summary>Its routes.</summary>
    IEnumerable<HttpRoute> All { get; }
}
