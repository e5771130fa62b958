using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Switchboard.Http;
using Switchboard.Turn;

namespace Switchboard.Hosting;

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
    public const string Calls = "calls";
    public const string Call = $"calls/{{{CallRoutes.CallId}}}";
    public const string Console = "console";
    public const string Live = "health/live";
    public const string Ready = "health/ready";
}

/// <summary>A route.</summary>
/// <param name="Path">One of <see cref="Routes"/>.</param>
/// <param name="Methods">The HTTP methods that it answers.</param>
/// <param name="AnswerAsync">Answers a request. It never throws, and what it returns never does.</param>
public sealed record HttpRoute(string Path, IReadOnlyList<string> Methods, Func<HttpContext, Task<IResult>> AnswerAsync);

/// <summary>All that this app answers, for a shell to serve.</summary>
public sealed class HttpRoutes
{
    private readonly Dictionary<string, HttpRoute> _byPath;

    internal HttpRoutes(
        TurnEndpoint turn, ModelRoutes models, CallRoutes calls, ConsoleRoute console, HealthRoutes health, TimeProvider time, ILogger<HttpRoutes> logger)
    {
        string[] get = [HttpMethods.Get];
        string[] probe = [HttpMethods.Get, HttpMethods.Head];
        All =
        [
            new(Routes.ChatCompletions, [HttpMethods.Post], turn.AnswerAsync),
            new(Routes.ChatCompletionsV1, [HttpMethods.Post], turn.AnswerAsync),
            Bounded(Routes.Models, get, models.ListAsync),
            Bounded(Routes.ModelsV1, get, models.ListAsync),
            Bounded(Routes.Calls, get, calls.ListAsync),
            Bounded(Routes.Call, [HttpMethods.Get, HttpMethods.Delete], calls.OneAsync),
            Bounded(Routes.Console, get, console.AnswerAsync),
            Bounded(Routes.Live, probe, HealthRoutes.LiveAsync),
            Bounded(Routes.Ready, probe, health.ReadyAsync),
        ];
        _byPath = All.ToDictionary(route => route.Path, StringComparer.Ordinal);

        HttpRoute Bounded(string path, string[] methods, Func<HttpContext, Task<IResult>> answer) =>
            new(path, methods, context => BoundedResult.OfAsync(context, () => answer(context), time, logger));
    }

    /// <summary>The routes.</summary>
    public IReadOnlyList<HttpRoute> All { get; }

    /// <summary>Answers a request to a route.</summary>
    /// <param name="path">One of <see cref="Routes"/>.</param>
    /// <param name="request">The request.</param>
    /// <returns>What is left to be written; of a turn, nothing.</returns>
    public Task<IResult> AnswerAsync(string path, HttpRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        return _byPath[path].AnswerAsync(request.HttpContext);
    }
}

/// <summary>Adds the routes and the road of a turn.</summary>
internal static class HttpServices
{
    public static IServiceCollection AddHttpRoutes(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddTransient<IStartupFilter, StrictTransport>();
        services.TryAddSingleton<TurnLimits>();
        services.TryAddSingleton<OpenCalls>();
        services.TryAddSingleton<TurnTelemetry>();
        services.TryAddSingleton<TurnEndpoint>();
        services.TryAddSingleton<ModelRoutes>();
        services.TryAddSingleton<OperatorGate>();
        services.TryAddSingleton<CallRoutes>();
        services.TryAddSingleton<ConsoleRoute>();
        services.TryAddSingleton<HealthRoutes>();
        // By a factory: shells see this type, and not what it is made of.
        services.TryAddSingleton(provider => new HttpRoutes(
            provider.GetRequiredService<TurnEndpoint>(),
            provider.GetRequiredService<ModelRoutes>(),
            provider.GetRequiredService<CallRoutes>(),
            provider.GetRequiredService<ConsoleRoute>(),
            provider.GetRequiredService<HealthRoutes>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<HttpRoutes>>()));
        return services;
    }
}
