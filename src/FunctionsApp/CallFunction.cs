using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Switchboard.Endpoints;

namespace FunctionsApp;

/// <summary>Shows what was said on a call, or forgets it.</summary>
public sealed class CallFunction(CallEndpoint endpoint)
{
    [Function("Call")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "delete", Route = Routes.Call)] HttpRequest request) =>
        endpoint.HandleAsync(request.HttpContext);
}
