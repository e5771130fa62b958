using Switchboard;
using Switchboard.Hosting;
using Switchboard.Http;
using Switchboard.Turn;

namespace LocalHost;

/// <summary>Serves the endpoints on their routes.</summary>
internal static class SwitchboardRoutes
{
    private const string Overview = $"""
        Switchboard answers here:
          POST /{Routes.ChatCompletionsV1}  a turn; the base URL for a platform ends in /v1
          GET  /{Routes.ModelsV1}            the models
          GET  /{Routes.Ready}         whether turns are answered
          GET  /{Routes.Calls}                the stored calls, with an operator's key
          GET  /{Routes.Console}              a page to talk to a model; it is off, and Console__Enabled=true turns it on

        """;

    /// <summary>Leads whoever opens the address itself to the console, or says what answers where. No route: the worker has none for it.</summary>
    public static void UseOverview(this WebApplication app)
    {
        var hasConsole = app.Settings().Console.Enabled;
        app.Use((context, next) => context.Request.Path != "/" || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            ? next(context)
            : (hasConsole ? Results.Redirect($"/{Routes.Console}") : Results.Text(Overview)).ExecuteAsync(context));
    }

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
