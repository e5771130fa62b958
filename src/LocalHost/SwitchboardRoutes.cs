using Switchboard;
using Switchboard.Contract;
using Switchboard.Hosting;

namespace LocalHost;

/// <summary>Serves the endpoints on their routes.</summary>
internal static class SwitchboardRoutes
{
    private static string Overview(bool hasConsole) => $"""
        Switchboard answers here:
          POST /{Routes.ChatCompletionsV1}  a turn; the base URL for a platform ends in /v1
          GET  /{Routes.ModelsV1}            the models
          GET  /{Routes.Ready}         whether turns are answered
          GET  /{Routes.Calls}                the stored calls, with an operator's key
          GET  /{Routes.Console}              a page to talk to a model, in a browser{(hasConsole ? "" : "; Console__Enabled=true turns it on")}

        """;

    /// <summary>Says what answers where to whoever asks for the address itself; a browser goes on to the route that leads to the console, where that is on.</summary>
    public static void UseOverview(this WebApplication app)
    {
        var hasConsole = app.Settings().Console.Enabled;
        var overview = Overview(hasConsole);
        app.Use((context, next) => context.Request.Path != "/" || !(HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
            || (hasConsole && Routes.IsForPeople(context.Request))
            ? next(context)
            : Results.Text(overview).ExecuteAsync(context));
    }

    /// <summary>
    /// Takes several slashes in a row for one, where a base URL that ends in one was joined with a path that begins with one. Routing knows no such paths; behind the Functions
    /// host a route of its own takes most of them.
    /// </summary>
    public static void UseSingleSlashes(this WebApplication app) => app.Use((context, next) =>
    {
        if (context.Request.Path.Value is { } path && path.Contains("//", StringComparison.Ordinal))
        {
            context.Request.Path = $"/{string.Join('/', path.Split('/', StringSplitOptions.RemoveEmptyEntries))}";
        }

        return next(context);
    });

    /// <summary>Maps every route of the engine.</summary>
    public static void MapSwitchboard(this IEndpointRouteBuilder app)
    {
        foreach (var route in app.ServiceProvider.GetRequiredService<HttpRoutes>().All.Where(route => route.Path != Routes.EmptyPart))
        {
            app.MapMethods($"/{route.Path}", route.Methods, Answer);

            // What the Functions worker does with a returned result, so that both shells run the same code.
            async Task Answer(HttpContext context)
            {
                var result = await route.AnswerAsync(context);
                await result.ExecuteAsync(context);
            }
        }
    }
}
