"""The rules of Microblog, said once for every interface; it knows no request, page or JSON.

The domain never commits: an act gets the session of a write and the viewer who acts. Reads take a
viewer and return frozen views.
"""
