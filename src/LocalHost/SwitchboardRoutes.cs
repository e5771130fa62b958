using Switchboard.Endpoints;

namespace LocalHost;

/// <summary>Serves the endpoints on their routes.</summary>
internal static class SwitchboardRoutes
{
    public static void MapSwitchboard(this IEndpointRouteBuilder app)
    {
        Map<ChatCompletionsEndpoint>(app, [HttpMethods.Post], Routes.ChatCompletions, (endpoint, context) => endpoint.HandleAsync(context));
        Map<ChatCompletionsEndpoint>(app, [HttpMethods.Post], Routes.ChatCompletionsV1, (endpoint, context) => endpoint.HandleAsync(context));
        Map<ModelsEndpoint>(app, [HttpMethods.Get], Routes.Models, (endpoint, context) => endpoint.HandleAsync(context));
        Map<ModelsEndpoint>(app, [HttpMethods.Get], Routes.ModelsV1, (endpoint, context) => endpoint.HandleAsync(context));
        Map<CallsEndpoint>(app, [HttpMethods.Get], Routes.Calls, (endpoint, context) => endpoint.HandleAsync(context));
        Map<CallEndpoint>(app, [HttpMethods.Get, HttpMethods.Delete], Routes.Call, (endpoint, context) => endpoint.HandleAsync(context));
        Map<ConsoleEndpoint>(app, [HttpMethods.Get], Routes.Console, (endpoint, context) => endpoint.HandleAsync(context));
        Map<LiveEndpoint>(app, [HttpMethods.Get, HttpMethods.Head], Routes.Live, (endpoint, context) => endpoint.HandleAsync(context));
        Map<ReadyEndpoint>(app, [HttpMethods.Get, HttpMethods.Head], Routes.Ready, (endpoint, context) => endpoint.HandleAsync(context));
    }

    private static void Map<TEndpoint>(
        IEndpointRouteBuilder app, string[] methods, string route, Func<TEndpoint, HttpContext, Task<IResult>> handle)
        where TEndpoint : notnull
    {
        var endpoint = app.ServiceProvider.GetRequiredService<TEndpoint>();
        app.MapMethods($"/{route}", methods, Answer);

        // What the Functions worker does with a returned result, so that both shells run the same code.
        async Task Answer(HttpContext context)
        {
            var result = await handle(endpoint, context);
            await result.ExecuteAsync(context);
        }
    }
}
