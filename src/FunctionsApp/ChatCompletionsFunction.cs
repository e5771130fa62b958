using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Switchboard.Endpoints;

namespace FunctionsApp;

/// <summary>Serves the completions below a base URL without <c>v1</c>.</summary>
public sealed class ChatCompletionsFunction(ChatCompletionsEndpoint endpoint)
{
    [Function("ChatCompletions")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.ChatCompletions)] HttpRequest request) =>
        endpoint.HandleAsync(request.HttpContext);
}
