using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Switchboard.Endpoints;

namespace FunctionsApp;

/// <summary>Serves the completions below a base URL that ends in <c>v1</c>.</summary>
public sealed class ChatCompletionsV1Function(ChatCompletionsEndpoint endpoint)
{
    [Function("ChatCompletionsV1")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = Routes.ChatCompletionsV1)] HttpRequest request) =>
        endpoint.HandleAsync(request.HttpContext);
}
