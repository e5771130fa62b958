var app = WebApplication.CreateSlimBuilder().Build();
app.Run();
