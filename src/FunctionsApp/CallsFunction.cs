using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Switchboard.Endpoints;

namespace FunctionsApp;

/// <summary>Lists the calls of a day.</summary>
public sealed class CallsFunction(CallsEndpoint endpoint)
{
    [Function("Calls")]
    public Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = Routes.Calls)] HttpRequest request) =>
        endpoint.HandleAsync(request.HttpContext);
}
