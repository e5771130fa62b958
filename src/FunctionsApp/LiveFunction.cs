using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Switchboard.Endpoints;

namespace FunctionsApp;

/// <summary>Says that the process runs.</summary>
public sealed class LiveFunction(LiveEndpoint endpoint)
{
    [Function("Live")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = Routes.Live)] HttpRequest request) =>
        endpoint.HandleAsync(request.HttpContext);
}
