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
    public Task<IResult> ChatCompletions([HttpTrigger(Open, "post", Route = Routes.ChatCompletions)] HttpRequest request) => routes.AnswerAsync(Routes.ChatCompletions, request);

    /// <summary>Answers a turn, below a base URL that ends in <c>v1</c>.</summary>
    [Function("ChatCompletionsV1")]
    public Task<IResult> ChatCompletionsV1([HttpTrigger(Open, "post", Route = Routes.ChatCompletionsV1)] HttpRequest request) => routes.AnswerAsync(Routes.ChatCompletionsV1, request);

    /// <summary>Lists the models.</summary>
    [Function("Models")]
    public Task<IResult> Models([HttpTrigger(Open, "get", Route = Routes.Models)] HttpRequest request) => routes.AnswerAsync(Routes.Models, request);

    /// <summary>Lists the models, below <c>v1</c>.</summary>
    [Function("ModelsV1")]
    public Task<IResult> ModelsV1([HttpTrigger(Open, "get", Route = Routes.ModelsV1)] HttpRequest request) => routes.AnswerAsync(Routes.ModelsV1, request);

    /// <summary>Lists the stored calls of a day.</summary>
    [Function("Calls")]
    public Task<IResult> Calls([HttpTrigger(Open, "get", Route = Routes.Calls)] HttpRequest request) => routes.AnswerAsync(Routes.Calls, request);

    /// <summary>Shows what was said on a call, or forgets it.</summary>
    [Function("Call")]
    public Task<IResult> Call([HttpTrigger(Open, "get", "delete", Route = Routes.Call)] HttpRequest request) => routes.AnswerAsync(Routes.Call, request);

    /// <summary>Takes what IMS tells of its calls.</summary>
    [Function("ImsEvents")]
    public Task<IResult> ImsEvents([HttpTrigger(Open, "post", Route = Routes.ImsEvents)] HttpRequest request) => routes.AnswerAsync(Routes.ImsEvents, request);

    /// <summary>Serves the page for people, where it is turned on.</summary>
    [Function("Console")]
    public Task<IResult> Console([HttpTrigger(Open, "get", Route = Routes.Console)] HttpRequest request) => routes.AnswerAsync(Routes.Console, request);

    /// <summary>Says that the process runs.</summary>
    [Function("Live")]
    public Task<IResult> Live([HttpTrigger(Open, "get", "head", Route = Routes.Live)] HttpRequest request) => routes.AnswerAsync(Routes.Live, request);

    /// <summary>Says whether turns would be answered.</summary>
    [Function("Ready")]
    public Task<IResult> Ready([HttpTrigger(Open, "get", "head", Route = Routes.Ready)] HttpRequest request) => routes.AnswerAsync(Routes.Ready, request);
}
