using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Switchboard.Contract;
using Switchboard.Hosting;

namespace FunctionsApp;

/// <summary>The HTTP triggers: a route of the host each, answered by the engine's route of the same path.</summary>
public sealed class Triggers(HttpRoutes routes)
{
    // The endpoints check keys themselves, in the form that platforms send them; the host would want a key of its own in a header of its own.
    private const AuthorizationLevel Open = AuthorizationLevel.Anonymous;

    /// <summary>Answers a turn, below a base URL without <c>v1</c>.</summary>
    [Function("ChatCompletions")]
    public Task<IResult> ChatCompletions([HttpTrigger(Open, "post", "options", Route = Routes.ChatCompletions)] HttpRequest request) => routes.AnswerAsync(Routes.ChatCompletions, request);

    /// <summary>Answers a turn, below a base URL that ends in <c>v1</c>.</summary>
    [Function("ChatCompletionsV1")]
    public Task<IResult> ChatCompletionsV1([HttpTrigger(Open, "post", "options", Route = Routes.ChatCompletionsV1)] HttpRequest request) => routes.AnswerAsync(Routes.ChatCompletionsV1, request);

    /// <summary>Lists the models.</summary>
    [Function("Models")]
    public Task<IResult> Models([HttpTrigger(Open, "get", "options", Route = Routes.Models)] HttpRequest request) => routes.AnswerAsync(Routes.Models, request);

    /// <summary>Lists the models, below <c>v1</c>.</summary>
    [Function("ModelsV1")]
    public Task<IResult> ModelsV1([HttpTrigger(Open, "get", "options", Route = Routes.ModelsV1)] HttpRequest request) => routes.AnswerAsync(Routes.ModelsV1, request);

    /// <summary>Shows a model.</summary>
    [Function("Model")]
    public Task<IResult> Model([HttpTrigger(Open, "get", "options", Route = Routes.Model)] HttpRequest request) => routes.AnswerAsync(Routes.Model, request);

    /// <summary>Shows a model, below <c>v1</c>.</summary>
    [Function("ModelV1")]
    public Task<IResult> ModelV1([HttpTrigger(Open, "get", "options", Route = Routes.ModelV1)] HttpRequest request) => routes.AnswerAsync(Routes.ModelV1, request);

    /// <summary>Answers a turn, or tells of the models, where part of the path was typed in twice.</summary>
    [Function("ChatAgain")]
    public Task<IResult> ChatAgain([HttpTrigger(Open, "get", "post", "options", Route = Routes.ChatAgain)] HttpRequest request) => routes.AnswerAsync(Routes.ChatAgain, request);

    /// <summary>The same below <c>v1</c>.</summary>
    [Function("ChatAgainV1")]
    public Task<IResult> ChatAgainV1([HttpTrigger(Open, "get", "post", "options", Route = Routes.ChatAgainV1)] HttpRequest request) => routes.AnswerAsync(Routes.ChatAgainV1, request);

    /// <summary>The same where that was typed in twice.</summary>
    [Function("V1Again")]
    public Task<IResult> V1Again([HttpTrigger(Open, "get", "post", "options", Route = Routes.V1Again)] HttpRequest request) => routes.AnswerAsync(Routes.V1Again, request);

    /// <summary>The same where a slash was typed in twice.</summary>
    [Function("EmptyPart")]
    public Task<IResult> EmptyPart([HttpTrigger(Open, "get", "post", "options", Route = Routes.EmptyPart)] HttpRequest request) => routes.AnswerAsync(Routes.EmptyPart, request);

    /// <summary>Lists the stored calls of a day.</summary>
    [Function("Calls")]
    public Task<IResult> Calls([HttpTrigger(Open, "get", Route = Routes.Calls)] HttpRequest request) => routes.AnswerAsync(Routes.Calls, request);

    /// <summary>Shows what the stored calls of a day come to.</summary>
    [Function("CallsOverview")]
    public Task<IResult> CallsOverview([HttpTrigger(Open, "get", Route = Routes.CallsOverview)] HttpRequest request) => routes.AnswerAsync(Routes.CallsOverview, request);

    /// <summary>Shows what was said on a call, or forgets it.</summary>
    [Function("Call")]
    public Task<IResult> Call([HttpTrigger(Open, "get", "delete", Route = Routes.Call)] HttpRequest request) => routes.AnswerAsync(Routes.Call, request);

    /// <summary>Takes what IMS tells of its calls.</summary>
    [Function("ImsEvents")]
    public Task<IResult> ImsEvents([HttpTrigger(Open, "post", Route = Routes.ImsEvents)] HttpRequest request) => routes.AnswerAsync(Routes.ImsEvents, request);

    /// <summary>Serves the page for people, where it is turned on.</summary>
    [Function("Console")]
    public Task<IResult> Console([HttpTrigger(Open, "get", "head", Route = Routes.Console)] HttpRequest request) => routes.AnswerAsync(Routes.Console, request);

    /// <summary>Leads a browser that opens the address itself to that page.</summary>
    [Function("Root")]
    public Task<IResult> Root([HttpTrigger(Open, "get", "head", Route = Routes.Root)] HttpRequest request) => routes.AnswerAsync(Routes.Root, request);

    /// <summary>Says that the process runs.</summary>
    [Function("Live")]
    public Task<IResult> Live([HttpTrigger(Open, "get", "head", Route = Routes.Live)] HttpRequest request) => routes.AnswerAsync(Routes.Live, request);

    /// <summary>Says whether turns would be answered.</summary>
    [Function("Ready")]
    public Task<IResult> Ready([HttpTrigger(Open, "get", "head", Route = Routes.Ready)] HttpRequest request) => routes.AnswerAsync(Routes.Ready, request);
}
