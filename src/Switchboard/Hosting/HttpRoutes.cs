using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Switchboard.Contract;
using Switchboard.Http;
using Switchboard.Turn;

namespace Switchboard.Hosting;

/// <summary>All that this app answers, for a shell to serve.</summary>
public sealed class HttpRoutes
{
    private readonly Dictionary<string, HttpRoute> _byPath;

    internal HttpRoutes(IEnumerable<IRoutes> services, CrossOrigin origins, TimeProvider time, ILogger<HttpRoutes> logger)
    {
        All =
        [
            .. services.SelectMany(service => service.All).Select(route => ForPages(route.IsSelfBounded ? route : Bounded(route))),
            .. RepeatedAddress.Paths.Select(path => new HttpRoute(path, [HttpMethods.Get, HttpMethods.Post, HttpMethods.Options], AnswerRepeatedAsync)),
        ];
        _byPath = All.ToDictionary(route => route.Path, StringComparer.Ordinal);

        HttpRoute ForPages(HttpRoute route) => route.IsForPages ? route with { AnswerAsync = context => origins.AnswerAsync(context, route) } : route;

        HttpRoute Bounded(HttpRoute route) =>
            route with { AnswerAsync = context => BoundedResult.OfAsync(context, () => route.AnswerAsync(context), time, logger) };
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

    private Task<IResult> AnswerRepeatedAsync(HttpContext context)
    {
        if (RepeatedAddress.RouteOf(context.Request) is not { } path)
        {
            return Task.FromResult(Results.NotFound());
        }

        var route = _byPath[path];
        if (route.Methods.Contains(context.Request.Method, StringComparer.OrdinalIgnoreCase))
        {
            return route.AnswerAsync(context);
        }

        context.Response.Headers.Allow = string.Join(", ", route.Methods);
        return Task.FromResult(Results.StatusCode(StatusCodes.Status405MethodNotAllowed));
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
        services.TryAddSingleton<OperatorGate>();
        services.TryAddSingleton<SettingsHealth>();
        services.TryAddSingleton<CrossOrigin>();
        services.TryAddEnumerable([
            ServiceDescriptor.Singleton<IRoutes, TurnEndpoint>(),
            ServiceDescriptor.Singleton<IRoutes, ModelRoutes>(),
            ServiceDescriptor.Singleton<IRoutes, CallRoutes>(),
            ServiceDescriptor.Singleton<IRoutes, ImsEventRoute>(),
            ServiceDescriptor.Singleton<IRoutes, ConsoleRoute>(),
            ServiceDescriptor.Singleton<IRoutes, HealthRoutes>(),
        ]);
        // By a factory: shells see this type, and not what it is made of.
        services.TryAddSingleton(provider => new HttpRoutes(
            provider.GetServices<IRoutes>(), provider.GetRequiredService<CrossOrigin>(), provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<HttpRoutes>>()));
        return services;
    }
}
